"""Sets the checkout up, starts the two servers, watches over them and stops them."""
