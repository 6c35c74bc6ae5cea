CREATE TABLE U&"d\0061t\+000061" (a text DEFAULT U&'\0041;' , b text DEFAULT U&'d!0061t' UESCAPE '!');
CREATE TABLE "ü""ß;" ("ä ö" text DEFAULT '🙂;');
