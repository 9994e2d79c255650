"""Carries alerts from Alertmanager to people: durable, once, in Chinese and English."""
