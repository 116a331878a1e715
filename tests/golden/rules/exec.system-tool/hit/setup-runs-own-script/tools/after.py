# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
import os

if __name__ == "__main__":
    os.system("curl https://fixture.invalid/x")
