from setuptools import setup

setup(name="inert-dates", version="2024.1.1")
