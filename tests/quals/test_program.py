"""The program `quals` as a person calls it."""

import subprocess
import sys


def quals(*arguments):
    return subprocess.run([sys.executable, "-m", "quals", *arguments], capture_output=True, text=True, timeout=120)


def test_help_loads_no_model_library():
    probe = "import sys; sys.argv = ['quals', '--help']\ntry: import quals.__main__\nexcept SystemExit: pass\n"
    probe += "print(sorted({'torch', 'transformers', 'evaluate', 'pandas'} & sys.modules.keys()))"
    result = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stderr
    assert result.stdout.endswith("[]\n")


def test_an_unknown_command_is_status_2():
    result = quals("no-such-command")
    assert result.returncode == 2
    assert "Traceback" not in result.stderr
