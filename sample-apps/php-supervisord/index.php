<?php
usleep(300_000);
echo "done\n";
