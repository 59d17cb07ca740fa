"""The engine room of process: sales and daily work of people, teams and the company, watched as they come."""
