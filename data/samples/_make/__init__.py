"""Makes the sample company: an invented distributor, its true records and the dirty exports of them."""
