"""Does the studio lose a word? A typist in Chromium, while everything around it is killed, cut and closed.

`typist` types numbered tokens with real keys into zones of several kinds. `troubles` is the table of what goes wrong,
`line` the proxy through which the browser (and on PostgreSQL the site) talks, `judge` compares what was typed with
what is there. `run` puts them together; `python -m torture` prints its findings as one line of JSON.
"""
