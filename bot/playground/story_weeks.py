"""Three weeks in the flower shop: who did what, when. It is acted out by `story`.

A line is a working day before today, a time in the shop, a person, and what they do: `/` types a command,
`[Take]` presses a button (words behind it fill the form), `>` replies in the card's thread, `(5)` votes in
the poll and may comment. In braces stand days, counted like the first word, and the numbers of requests.
"""

REQUESTS: dict[str, str] = {
    # the first week
    "ribbon": """
        -15 09:12 svea /the white satin ribbon is down to its last two rolls by {-13}
        -15 09:20 carl /take {n}
        -14 10:05 carl /resolve {n} Twenty rolls came this morning. They are in the drawer by the till.
        -14 10:20 svea (5)
    """,
    "printer": """
        -15 09:41 flora /the card printer prints grey instead of black !high
        -15 09:58 carl [Take]
        -15 10:02 carl /ask {n} Does it do that with the small cards too?
        -15 10:17 flora > Only with the big ones.
        -15 11:20 carl [Done …] The cartridge had dried out, there is a new one in it.
        -15 11:34 flora (5) That was quick, thank you.
    """,
    "brake": """
        -15 10:20 david /the left brake light of the van is out @margit !urgent by today 17:00
        -15 10:27 margit /take {n} by today 15:00
        -15 12:10 margit /resolve {n} The garage on Hamngatan changed the bulb while you had lunch.
        -15 12:40 david (4)
    """,
    "lilies": """
        -15 13:05 carl /Mrs Lindqvist wants white lilies instead of roses this time @flora by {-12}
        -15 13:30 flora [Take]
        -13 11:40 flora /resolve {n} Changed on the order, and she has seen a picture.
        -13 12:15 carl (5)
    """,
    "cold": """
        -14 09:20 flora /the cold room thermometer shows 9 degrees, it should be 4 #repairs !high
        -14 09:26 david /take {n}
        -14 09:50 svea > 🔒 We nearly lost the peonies that way last year. Let us look at it every morning.
        -14 14:30 david [Done …] The door seal had slipped. It has been at 4 degrees since noon.
        -14 15:10 flora (5)
    """,
    "till": """
        -14 11:00 svea /the drawer of the till sticks #repairs
        -14 13:10 david /take {n} by {-12}
        -12 16:40 david > The rail I bought is the wrong length. I am getting another one.
        -11 10:15 david /resolve {n} New rail on the left side.
        -11 10:40 svea (2) Works now. But customers waited for three days, and I learned it from the card.
        -11 10:42 svea /fault {n} timeliness
        -11 10:42 svea /fault {n} information
    """,
    "prom": """
        -14 15:30 svea /40 wrist corsages for the school prom by {-9} noon
        -14 15:36 flora /take {n} by {-9} 10:00
        -14 15:40 carl /follow {n}
        -13 09:20 svea > The school would like two more, for the teachers.
        -13 09:45 flora > Gladly. 42 then.
        -10 16:20 flora [Done …] 42 in the cold room, white and blush, one box for each class.
        -10 16:45 svea (5) They are lovely. The head teacher cried a little.
    """,
    "salary": """
        -14 16:10 carl /could my salary be paid before the holidays this year? @margit private
        -13 11:15 margit [Take]
        -12 12:30 margit /resolve {n} Yes. You have it a week earlier, I have told the bookkeeper.
        -12 12:50 carl (5)
    """,
    "wedding": """
        -13 09:40 svea /the Sjöberg wedding: a bouquet and six tables, cream roses by {-8} 10:00
        -13 10:12 flora /take {n} by {-8} 09:00
        -13 10:17 flora /wait {n} on {roses}
        -9 16:30 flora /resolve {n} All in the cold room. Please lift the bouquet by its stand.
        -9 16:50 svea (5)
    """,
    "roses": """
        -13 10:15 flora /120 cream roses from the wholesaler for the Sjöberg wedding by {-10}
        -13 10:23 carl /take {n} by {-10} noon
        -10 09:10 carl /resolve {n} Delivered, 120 Avalanche. I have cut and watered them.
        -10 09:35 flora (4)
    """,
    "invoice": """
        -13 13:30 margit /last month’s invoice from the wholesaler is missing @carl by {-11}
        -13 13:38 carl /take {n} by {-12} 17:00
        -12 15:30 carl /resolve {n} They had sent it to the old address. It is in the folder now.
        -12 15:45 margit (4)
    """,
    "key": """
        -13 15:10 david /a second key for the garage
        -13 15:40 svea /ask {n} For the big door or for the side door?
    """,
    "sign": """
        -12 10:05 carl /a sign for the window: closed for stocktaking !low
        -11 09:40 carl /cancel {n}
    """,
    "bike": """
        -12 14:20 david /a cargo bike for the old town, the van gets no parking there
        -10 11:30 margit [Decline …] Not now, the van is paid for until spring. Please ask me again then.
    """,
    # the second week
    "wreath": """
        -10 09:08 carl /a wreath for the Åkesson funeral, ribbon: “Tack för allt” !high by {-9} 10:00
        -10 09:14 flora /take {n} by {-9} 09:30
        -9 09:05 flora /resolve {n} In the cold room, with the ribbon.
        -9 09:40 carl (5) The family asked me to thank whoever made it.
    """,
    "heater": """
        -10 13:15 carl /the heater in the back office rattles #repairs
        -9 09:52 david [Take]
        -9 09:54 david /snooze {n} until {-6} the valve comes with the post on {day -6}
        -6 14:20 david /resolve {n} New valve. It hums a little, that is normal.
        -6 14:45 carl (3)
    """,
    "receipt": """
        -9 09:50 margit /please print the return policy on the receipts
        -9 10:20 carl /take {n}
        -9 10:24 carl /ask {n} The long text from the web shop, or one sentence?
        -8 10:15 margit > One sentence: fourteen days, with the receipt.
        -8 11:30 carl /resolve {n} It is on every receipt from today.
        -7 10:10 margit [Reopen …] Svea says the last word is cut off.
        -7 11:05 carl /resolve {n} Smaller letters, now all of it fits.
        -7 11:20 margit (4)
    """,
    "stool": """
        -8 10:25 svea /a higher stool at the workbench for @flora !high
        -8 10:33 david /take {n} by {-6}
        -6 15:30 david /resolve {n} The old bar stool, on rubber feet.
        -6 15:50 flora (5) My back says thank you.
        -6 15:52 flora /share {n}
    """,
    "tulips": """
        -8 14:45 svea /30 yellow tulips, the customer comes back before we close !urgent by today 16:30
        -8 14:47 flora /take {n}
        -8 15:30 flora [Done …] On the counter.
    """,
    "holidays": """
        -8 11:10 margit /everybody’s holiday wishes for the summer @svea by {-5}
        -8 11:19 svea /take {n} by {-6}
        -6 11:15 svea /resolve {n} All five are in the calendar. Only one week overlaps.
        -6 11:40 margit (4)
    """,
    "address": """
        -7 09:20 david /the Nyström order has no street number @svea !high
        -7 09:31 svea /give {n} @carl he took the call
        -7 09:40 carl /take {n}
        -7 10:50 carl /resolve {n} Number 14, second entrance.
        -7 12:05 david (2) I stood in the wrong street for half an hour.
        -7 12:06 david /fault {n} information
        -7 13:10 carl /made good {n} I called the customer, and the address is on the list now.
        -7 14:05 david (4)
    """,
    "foam": """
        -7 13:40 flora /two boxes of floral foam by {-5}
        -7 13:47 carl /take {n} by {-6} 16:00
        -7 13:49 carl /wait {n} until {-6} 13:00
        -5 10:40 carl /resolve {n} Both boxes are under the workbench.
        -5 11:15 flora (4)
    """,
    "parking": """
        -6 09:45 david /the van’s parking permit is running out @margit by {-3}
        -6 10:40 margit /take {n} by {-4}
        -4 13:20 margit /resolve {n} Renewed for a year. The sticker is in the post, show the mail until then.
        -4 13:45 david (5) It came a day early. Not one ticket.
        -4 13:47 david /share {n}
    """,
    # the third week
    "moss": """
        -5 10:15 flora /moss and ivy for the hotel’s wreaths by {-3} noon
        -5 10:24 carl /take {n} by {-3} noon
        -3 10:55 carl /resolve {n} Four crates in the cold room.
        -3 11:30 flora (5)
    """,
    "gloves": """
        -5 13:00 david /warm gloves for the morning tours, large
        -5 13:25 svea /take {n} by {-4}
        -3 09:20 svea /resolve {n} Two pairs, in your pigeonhole.
        -3 15:05 david /rate {n} 5 Warm hands at last.
    """,
    "anniversary": """
        -4 09:15 svea /Mrs Lindqvist’s anniversary bouquet, the same as last year @flora by {-2}
        -4 09:21 flora /take {n} by {-2} noon
        -4 09:24 flora /ask {n} I was not here last year. Does anybody have a picture?
        -4 11:20 svea > In the blue order book, page 40. Ranunculus, sage and a lot of white.
        -2 10:50 flora [Done …] Ready. I put the picture of this one beside last year’s.
        -2 11:30 svea (5) She kissed the bouquet, and then me.
    """,
    "lamp": """
        -3 14:10 flora /the lamp over the workbench flickers #repairs by {-1}
        -3 14:19 david /take {n} by {-1} noon
    """,
    "buttonholes": """
        -3 09:50 svea /two buttonholes for the town hall, white freesia by {-2} 14:00
        -3 09:57 flora /take {n} by {-2} 13:30
        -2 13:15 flora /resolve {n} In the small box by the till, with pins.
        -2 13:40 svea (5)
    """,
    "seal": """
        -3 14:40 carl /a new seal for the cold room door, the old one slips again #repairs
        -3 14:50 david /take {n}
        -2 09:15 david /snooze {n} until {+2} the new seal is on its way from Germany
    """,
    "cards": """
        -2 09:20 svea /the last ten gift cards are on the counter
        -2 10:40 carl [Take]
        0 09:24 carl /resolve {n} 200 new ones, in the safe. Ten are with you at the counter.
    """,
    # not finished today
    "window": """
        -2 11:10 svea /an idea for the shop window, something that does not need water !low
        -2 14:25 flora [Take]
        -1 16:20 flora > Dried hydrangeas on old ladders? I have a sketch.
        0 09:18 svea > Lovely. Could the ladders be white?
        0 09:27 flora > White it is.
        0 09:51 david > 🔒 There are two in the garage. One of them I need back on {day +2}.
    """,
    "wreaths": """
        -1 09:30 carl /the hotel wants its eight wreaths a day earlier @flora by {+1} 14:00
        -1 09:36 flora /take {n} by {+1} noon
        -1 10:07 flora /wait {n} on {eucalyptus}
    """,
    "eucalyptus": """
        -1 10:05 flora /four bunches of eucalyptus for the hotel’s wreaths by {+1} 09:00
        -1 10:14 carl /take {n} by {+1} 08:30
    """,
    "rotary": """
        -1 14:05 carl /printed ribbon for the Rotary dinner, twelve tables by {+3}
        -1 14:30 flora [Take]
        -1 15:20 flora [Ask …] Gold or silver print? And is it “Rotary” or “Rotaryklubben”?
    """,
    "reader": """
        -1 15:40 svea /a second card reader for the market stall by {+4}
    """,
    "birthday": """
        0 09:08 svea /a bouquet for Mrs Bergström’s 80th birthday, pink and round @flora by today 16:00
        0 09:15 flora /take {n} by today 15:00
    """,
    "tour": """
        0 09:15 david /the phone numbers for today’s tour @carl !high
        0 09:38 carl /resolve {n} All eleven, on the delivery notes.
    """,
    "bell": """
        0 09:44 carl /the bell over the shop door no longer rings #repairs
    """,
    "boxes": """
        0 09:47 carl /the Rotary ribbons to the printer on Hamngatan by {+1} 11:00 #deliveries
    """,
    "paper": """
        0 09:56 flora /ten rolls of kraft paper by {+3} #supplies
    """,
}
"""By the name that the story has for each."""

CHAT = """
    -15 08:52 svea #general Good morning! Three weddings and a prom this month. Let us be kind to each other.
    -15 08:55 carl #general :sunflower:
    -13 07:58 david #deliveries Storgatan is closed at the bridge. I go round by the station.
    -11 12:20 flora #general There are cinnamon buns by the kettle.
    -11 12:31 carl #general There were.
    -11 12:33 svea #general :joy:
    -8 16:10 david #deliveries All fourteen done. Björkvägen 3 sends regards to whoever ties the bows.
    -8 16:14 flora #deliveries :heart:
    -6 08:40 david #deliveries The van starts badly in the cold. Somebody should look at the battery.
    -4 10:02 svea #general A boy just bought one tulip for his teacher, in coins. He left with three.
    -4 10:09 flora #general :heart:
    -4 10:31 margit #general :heart:
    -2 13:50 margit #general I am in the shop next week. Who has time for lunch?
    -2 13:58 svea #general Everybody, if it is the place with the soup.
    -1 16:55 david #deliveries The hotel’s side door was locked again. Does anybody have the porter’s number?
    0 08:47 david #deliveries The first tour leaves at 9:40, eleven stops.
    0 09:12 flora #general Whoever borrowed my good scissors: the workbench misses them.
    0 09:33 svea #general The library asks for table flowers for forty guests next month. Could we do that?
    0 09:58 carl #general We are down to the last box of greeting cards.
    0 10:03 margit #general :eyes:
"""
"""Small talk, and faces put on it."""
