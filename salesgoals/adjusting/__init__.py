"""Inside the step adjust: what can still be changed, what an event asks for, who reaches what afterwards."""
