// RUN: cegm-opt %s --split-input-file --verify-diagnostics

// expected-error@+1 {{size of axis "x" must be at least 1, but is 0}}
sdy.mesh @mesh = <["x"=0]>

// -----

// expected-error@+1 {{mesh has two axes "x"}}
sdy.mesh @mesh = <["x"=2, "y"=2, "x"=4]>

// -----

// expected-error@+1 {{device_ids of a mesh must not be negative, but -1 is there}}
sdy.mesh @mesh = <[], device_ids=[-1]>

// -----

// expected-error@+1 {{a mesh without axes has at most one device, but 2 device_ids are given}}
sdy.mesh @mesh = <[], device_ids=[0, 1]>

// -----

// expected-error@+1 {{mesh has 3 device_ids, expected 4, the product of the sizes of its axes}}
sdy.mesh @mesh = <["x"=2, "y"=2], device_ids=[2, 1, 0]>

// -----

// expected-error@+1 {{device_ids of a mesh must be the numbers from 0 to 3 in some order, but are 4, 2, 1, 0}}
sdy.mesh @mesh = <["x"=2, "y"=2], device_ids=[4, 2, 1, 0]>
