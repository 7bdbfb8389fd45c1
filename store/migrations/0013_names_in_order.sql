-- Names were sorted without marks and with đ among d; they are sorted as a
-- Vietnamese list has them. name_order is the program's.
UPDATE patron SET sort_name = hex(name_order(name));
