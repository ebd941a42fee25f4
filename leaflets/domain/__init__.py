"""What is true of leaflets, elections and print. Standard library only: no I/O, no clock."""
