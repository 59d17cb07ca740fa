"""The claiming session by phone: one small web server on the trainer's laptop, for everybody in the room.

Why an own application and not notebooks served by Voila: there each visitor needs a kernel, measured at
165 MB a visitor and 32 s to the first chart with four visitors, there is no login, and a reload loses what
was typed. Here one process of about 140 MB serves the whole room, a page stands in less than a second, and
each claim is on disk before it is acknowledged. docs/serve.md holds the measurements.

Figures and rules are the package's own: a page only shows them and sends back what was typed. No page asks
anything but this server.
"""
