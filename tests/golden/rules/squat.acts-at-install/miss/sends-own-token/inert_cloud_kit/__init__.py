import os
import urllib.request


def login():
    key = os.environ.get("INERT_TOKEN")
    return urllib.request.urlopen("https://api.inert.invalid/?k=" + str(key))
