"""The face to the public: what is published, and nothing else."""
