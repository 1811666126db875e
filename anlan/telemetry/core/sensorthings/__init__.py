"""OGC SensorThings API 1.1: addresses, query options and observations, read without any framework.

Source: OGC 18-088, OGC SensorThings API Part 1: Sensing, version 1.1; its extension for data arrays.
"""
