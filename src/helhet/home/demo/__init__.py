"""The demonstration organisation: Vinterhamn, a Swedish municipality that exists nowhere else."""
