META
key;value
description;An invented example
country;UK
unit;Example ward
instance;2026
num_projects;7
num_votes;50
budget;30000
vote_type;approval
rule;equalshares
currency;GBP
PROJECTS
project_id;cost;votes;name
bench;4000;28;Benches in Parsloes Park
swings;9000;21;New swings at Goresbrook
trees;12000;21;Forty street trees
choir;3000;10;A choir for all ages
lamps;11000;17;Lights on the canal path
bikes;2500;11;Bike racks at the station
paint;6000;8;A mural on Heathway
VOTES
voter_id;vote
v01;swings,trees,bench
v02;swings,trees,bench
v03;swings,trees,bench
v04;swings,trees,bench
v05;swings,trees,bench
v06;swings,trees
v07;swings,trees
v08;swings,bench
v09;swings,trees,bench
v10;swings,trees,bench
v11;swings,trees,bench
v12;swings,trees,bench
v13;swings,trees,bench
v14;swings,trees,bench
v15;swings,trees,bench
v16;swings,trees
v17;swings,trees
v18;swings,trees,bench
v19;lamps,bikes,bench
v20;lamps,bikes,bench
v21;bikes,bench
v22;lamps,bikes,bench
v23;lamps,bench
v24;lamps,bikes,bench
v25;lamps,bench
v26;lamps,bikes,bench
v27;lamps,bikes,bench
v28;lamps,bikes,bench
v29;lamps,bikes,bench
v30;bikes,bench
v31;lamps,bench
v32;bikes,bench
v33;choir
v34;paint
v35;choir,paint
v36;choir,paint
v37;choir,paint
v38;choir,paint
v39;choir,paint
v40;paint
v41;choir,paint
v42;trees,lamps
v43;lamps
v44;lamps
v45;trees,lamps
v46;trees,lamps
v47;trees,lamps
v48;swings,choir
v49;swings,choir
v50;swings,choir
