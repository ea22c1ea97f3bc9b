@echo off
rem Windows: double-click to set up and open Daybook.
chcp 65001 >nul
cd /d "%~dp0"
set PYTHONUTF8=1
set PYTHON=
for %%v in (3.13 3.12 3.11) do if not defined PYTHON (
    py -%%v -c "" >nul 2>nul && set PYTHON=py -%%v
)
if not defined PYTHON (
    python -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && set PYTHON=python
)
if not defined PYTHON (
    echo Daybook needs Python 3.11 or newer: https://www.python.org/downloads/
    pause
    exit /b 1
)
%PYTHON% .ci\setup.py .venv requirements.txt && .venv\Scripts\python.exe app.py --demo --open
if errorlevel 1 pause
