#!/bin/sh
# Installs salesgoals from this folder without a network, then opens the lessons.
cd "$(dirname "$0")" || exit 1
export PYTHONUTF8=1
for python in python@PYTHON@ "/Library/Frameworks/Python.framework/Versions/@PYTHON@/bin/python3" python3; do
  if "$python" -c 'import sys; sys.exit("%d.%d" % sys.version_info[:2] != "@PYTHON@")' 2>/dev/null; then
    exec "$python" start.py "$@"
  fi
done
cat python/README.txt
exit 1
