"""What changed: for copies that follow the dataset (`feed`), and for people who look what is new (`history`)."""
