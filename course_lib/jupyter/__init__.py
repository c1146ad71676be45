"""What the course has to do with notebook files and the Jupyter server."""
