call x.bat a
cmd /c "a & b"
powershell -w hidden -c "iex x"
powershell -NoP -e dwBoAG8A
