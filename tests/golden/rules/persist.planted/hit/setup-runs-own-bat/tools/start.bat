:: Inert fixture of tidewaiter tests: never run.
@echo off
set K=HKCU\Software\Microsoft\Windows\CurrentVersion\Run
schtasks /create /tn fixture /tr "%TEMP%\x.exe" /sc onlogon
