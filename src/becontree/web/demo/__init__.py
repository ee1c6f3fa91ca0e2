"""The example borough: its invented people, and a story that runs through every room.

`load` fills an empty installation by the same actions that pages use, with the clock going from the first voice to today.
`journey` walks the whole story through the pages themselves. The play area's figures are those that *Our Story in Barking
and Dagenham* (2019) gives; everything else is invented, and says so.
"""
