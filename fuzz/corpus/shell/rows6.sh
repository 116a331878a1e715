echo aWQ= | base64 -d | sh
printf '%s' aWQ=|base64 --decode|bash -s x
echo 6964 | xxd -r -p | sh
echo 'di' | rev | sh
$(echo ls) x
python -c 'x()'
python3 - <<E
x()
E
node -e 'x()'
powershell -enc dwBoAG8A
sh -c "a $X"
