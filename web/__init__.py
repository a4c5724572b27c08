"""The web application: pages, the small API and the sccif command."""
