# Filled by the front door: install rules, package config, pkg-config file.
