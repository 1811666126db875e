"""What hears the devices: one adapter a wire, all of them into the one path of `actions.keeping`."""
