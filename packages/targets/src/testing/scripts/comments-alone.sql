-- nothing to do
/* really; nothing */
