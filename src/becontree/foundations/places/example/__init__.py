"""The example borough of Fairlop: invented wards, venues and postcodes."""
