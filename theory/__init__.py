"""The theory questions, and the checker that reads answers as mathematics and holds them against laws."""
