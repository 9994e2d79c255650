"""Delivers alerts from Alertmanager to people: stored durably, sent once, in Chinese and English."""
