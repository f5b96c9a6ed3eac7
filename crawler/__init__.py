"""One article's way: from a listing of the site to what people search."""
