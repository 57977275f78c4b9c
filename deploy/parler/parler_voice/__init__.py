"""Indic Parler-TTS behind a Hugging Face Inference Endpoint or a small HTTP server.

One way in (request.py), one way out (speaking.py), the weights behind a protocol (model.py); the
endpoint's handler and the HTTP server are two thin shells around these.
"""
