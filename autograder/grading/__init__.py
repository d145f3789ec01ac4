"""One submission → one Report, by the kind of the part: code, a sheet of answers, files of weights."""
