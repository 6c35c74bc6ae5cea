CREATE TABLE t (a bit(4) DEFAULT B'1010', b bit(8) DEFAULT X'fF', c text DEFAULT N'n;');
