@echo off
a b "c d" & e
:: x
rem y & z
a
:l
goto l
