@echo off
rem Installs salesgoals from this folder without a network, then opens the lessons.
chcp 65001 >nul
set PYTHONUTF8=1
cd /d "%~dp0"
py -@PYTHON@ -c "pass" >nul 2>nul
if errorlevel 1 goto nopython
py -@PYTHON@ start.py %*
goto end
:nopython
type "python\README.txt"
:end
pause
