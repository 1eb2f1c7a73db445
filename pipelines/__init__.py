"""When, from where and to where: settings, storage, Prefect flows and the command line."""
