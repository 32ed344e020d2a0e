/** An emoji to choose, and what people call it: the first words are its name. */
export interface NamedEmoji {
  readonly emoji: string;
  readonly name: string;
  /** Other words by which it is looked for. */
  readonly words: string;
}

export interface EmojiGroup {
  readonly name: string;
  readonly emoji: readonly NamedEmoji[];
}

/** One a line: the emoji, its name, and behind a bar what else it is looked for by. Those that people react with, not all. */
const GROUPS: readonly (readonly [name: string, lines: string])[] = [
  [
    "Faces",
    `😀 grinning face|happy smile
😃 big smile|happy grin
😄 smiling eyes|happy laugh
😁 beaming face|grin teeth
😆 laughing|haha squint lol
😅 nervous laugh|sweat phew relief
😂 tears of joy|laugh haha lol cry
🤣 rolling on the floor|laugh haha rofl
🙂 slight smile|ok
🙃 upside down|irony silly
😉 wink|joke
😊 blush|happy warm smile
😇 halo|angel innocent
🥰 hearts around|love adore
😍 heart eyes|love wow
🤩 star struck|wow amazing
😘 kiss|love
😋 yum|tasty delicious
😛 tongue|silly
😜 winking tongue|silly joke
🤪 zany|crazy silly
🤗 hug|thanks warm
🤭 hand over mouth|oops giggle
🤫 hush|quiet secret
🤔 thinking|hmm question
🫡 salute|yes respect
🤐 zipped mouth|secret quiet
🤨 raised eyebrow|doubt sceptical
😐 neutral|meh
😑 expressionless|meh
😶 no mouth|speechless
🫠 melting|hot embarrassed
😏 smirk|smug
😒 unamused|meh annoyed
🙄 rolling eyes|annoyed
😬 grimace|awkward oops
😌 relieved|calm peace
😔 pensive|sad
😪 sleepy|tired
😴 sleeping|tired zzz
😷 mask|ill sick
🤒 thermometer|ill fever sick
🤕 bandage|hurt
🤢 nauseated|sick disgust
🤮 vomiting|sick disgust
🥵 hot|heat
🥶 cold|freezing
😵‍💫 dizzy|confused spiral
🤯 mind blown|wow shocked explode
🥳 party face|celebrate birthday
🤠 cowboy|hat
😎 sunglasses|cool
🤓 nerd|glasses smart
🧐 monocle|inspect look
😕 confused|unsure
🫤 diagonal mouth|meh unsure
😟 worried|concern
🙁 slight frown|sad
😮 open mouth|wow surprised
😯 hushed|surprised
😲 astonished|wow shocked
😳 flushed|embarrassed
🥺 pleading|please puppy
🥹 holding back tears|touched proud
😨 fearful|scared
😰 anxious sweat|worried
😢 crying|sad tear
😭 loud crying|sad sob
😱 scream|fear shocked
😖 confounded|frustrated
😞 disappointed|sad
😓 downcast|sweat tired
😩 weary|tired
😫 tired|exhausted
🥱 yawn|bored tired
😤 steam|triumph proud angry
😡 angry red|mad
😠 angry|mad
🤬 swearing|curse angry
😈 smiling devil|evil
💀 skull|dead laughing
👻 ghost|boo
👽 alien|space
🤖 robot|ai bot machine
💩 poo|bad
🤡 clown|silly
😺 smiling cat|happy
😻 cat heart eyes|love
🙈 see no evil|monkey shy oops
🙉 hear no evil|monkey
🙊 speak no evil|monkey secret`,
  ],
  [
    "Hands and people",
    `👍 thumbs up|yes good agree like ok
👎 thumbs down|no bad disagree
👏 clapping|applause bravo well done
🙌 raised hands|hooray celebrate praise
🙏 folded hands|please thanks pray
🤝 handshake|deal agree
👌 ok hand|fine perfect
🤌 pinched fingers|italian what
✌️ victory|peace two
🤞 crossed fingers|luck hope
🫰 finger heart|love money
🤟 love you sign|rock
🤘 horns|rock metal
🤙 call me|shaka
👈 pointing left|this
👉 pointing right|this
👆 pointing up|this above
👇 pointing down|below
☝️ index up|one note
👋 waving|hello hi bye
🤚 back of hand|stop
✋ raised hand|stop high five
🖐️ open hand|five
🫶 heart hands|love thanks
💪 muscle|strong
🫵 pointing at you|you
✍️ writing|note
👀 eyes|look see watching
🧠 brain|smart mind
🫂 people hugging|comfort
🙋 raising hand|me question
🤷 shrug|dunno whatever
🤦 facepalm|oh no
🙅 no gesture|stop
🙆 ok gesture|yes
🙇 bowing|sorry thanks
💁 information|help
🏃 running|hurry
💃 dancing woman|party
🕺 dancing man|party
🧑‍💻 technologist|code computer work
🧑‍🍳 cook|chef
🧑‍🏫 teacher|explain
🕵️ detective|search
🥷 ninja|stealth
👶 baby|child
👑 crown|king queen best`,
  ],
  [
    "Hearts and signs",
    `❤️ red heart|love like
🧡 orange heart|love
💛 yellow heart|love
💚 green heart|love
💙 blue heart|love
💜 purple heart|love
🖤 black heart|love
🤍 white heart|love
🩷 pink heart|love
💔 broken heart|sad
❤️‍🔥 heart on fire|love passion
💕 two hearts|love
💯 hundred|perfect full agree
✅ check mark|done yes ok
☑️ check box|done
✔️ tick|done yes
❌ cross|no wrong
❓ question|what why
❗ exclamation|important
‼️ double exclamation|important
⚠️ warning|careful
🚫 forbidden|no stop
⛔ no entry|stop
➕ plus|add agree
➖ minus|less
♻️ recycle|again
🔁 repeat|again loop
🔄 arrows|again refresh
🆗 ok button|fine
🆕 new button|new
🔝 top|best
💤 sleeping zzz|tired
💬 speech bubble|talk comment
💭 thought bubble|thinking
💡 light bulb|idea
💥 boom|explosion
💫 dizzy star|sparkle
✨ sparkles|magic new nice
⭐ star|favourite best
🌟 glowing star|great
🔥 fire|hot great lit
💧 drop|water
🎯 bullseye|target exactly
🏁 finish flag|done
🚩 red flag|warning
🏳️‍🌈 rainbow flag|pride`,
  ],
  [
    "Celebration and things",
    `🎉 party popper|celebrate hooray congratulations tada
🎊 confetti|celebrate
🎈 balloon|birthday
🎁 gift|present
🎂 birthday cake|celebrate
🏆 trophy|win winner
🥇 gold medal|first winner
🥈 silver medal|second
🥉 bronze medal|third
🏅 medal|win
🚀 rocket|launch ship fast
📈 chart up|growth
📉 chart down|loss
📊 bar chart|numbers
📌 pin|important keep
📎 paper clip|attach
📝 memo|note write
📚 books|read learn
📖 open book|read
📅 calendar|date
⏰ alarm clock|time
⏳ hourglass|wait time
⌛ hourglass done|time
🔍 magnifier|search look
🔒 locked|private secure
🔓 unlocked|open
🔑 key|secret
🛠️ tools|fix work
🔧 wrench|fix
⚙️ gear|settings
🐛 bug|error insect
🧪 test tube|experiment
🔬 microscope|science
💻 laptop|computer code
📱 phone|mobile
📷 camera|photo
🎥 film camera|video
🎧 headphones|music listen
🎵 note|music
🎸 guitar|music rock
🎤 microphone|sing speak
🎮 game pad|play
🎲 die|game luck
🧩 puzzle piece|solve
🎨 palette|art design
✉️ envelope|mail
📣 megaphone|announce
🔔 bell|notify
💰 money bag|cash
💸 flying money|cost
🧾 receipt|bill
⚖️ scales|law justice
🩹 plaster|fix heal
💊 pill|medicine
🪄 magic wand|spell
🧯 fire extinguisher|help
🗑️ bin|delete trash
🪦 gravestone|dead rip`,
  ],
  [
    "Food and drink",
    `☕ coffee|tea hot drink break
🍵 tea|hot drink
🍺 beer|drink cheers
🍻 beers|cheers drink
🥂 champagne glasses|cheers celebrate
🍾 bottle with cork|celebrate
🍷 wine|drink
🍹 cocktail|drink
🧋 bubble tea|drink
🍕 pizza|food
🍔 burger|food
🍟 fries|food
🌮 taco|food
🍜 noodles|soup food
🍣 sushi|food
🥗 salad|food healthy
🥐 croissant|breakfast
🍞 bread|food
🧀 cheese|food
🥚 egg|breakfast
🍳 cooking|egg pan
🍎 apple|fruit
🍌 banana|fruit
🍇 grapes|fruit
🍓 strawberry|fruit
🍒 cherries|fruit
🍑 peach|fruit
🍍 pineapple|fruit
🥑 avocado|fruit
🥕 carrot|vegetable
🌶️ chilli|hot spicy
🍿 popcorn|watching drama
🍩 doughnut|sweet
🍪 cookie|sweet
🍰 cake|sweet
🍫 chocolate|sweet
🍦 ice cream|sweet
🧂 salt|salty`,
  ],
  [
    "Nature and places",
    `🌈 rainbow|hope
☀️ sun|sunny weather
⛅ sun and cloud|weather
🌧️ rain|weather
⛈️ thunderstorm|weather
❄️ snowflake|cold winter
⚡ lightning|fast power
🌊 wave|sea water
🌙 moon|night
🌍 globe|earth world
🌱 seedling|grow new plant
🌳 tree|nature
🌵 cactus|desert
🌸 blossom|flower spring
🌻 sunflower|flower
🌹 rose|flower love
💐 bouquet|flowers thanks
🍀 four leaf clover|luck
🍂 fallen leaves|autumn
🐶 dog|pet
🐱 cat|pet
🐭 mouse|animal
🐰 rabbit|animal
🦊 fox|animal
🐻 bear|animal
🐼 panda|animal
🐨 koala|animal
🦁 lion|animal
🐮 cow|animal
🐷 pig|animal
🐸 frog|animal
🐵 monkey|animal
🐔 chicken|animal
🐧 penguin|animal
🦉 owl|wise night
🦄 unicorn|magic
🐝 bee|busy
🦋 butterfly|beautiful
🐢 turtle|slow
🐌 snail|slow
🐙 octopus|animal
🐳 whale|animal
🦈 shark|animal
🐬 dolphin|animal
🦖 dinosaur|old
🏠 house|home
🏖️ beach|holiday
⛰️ mountain|hike
⛺ tent|camping
🚗 car|drive
🚲 bicycle|ride
🚆 train|travel
✈️ aeroplane|travel flight
🚢 ship|travel
🎡 ferris wheel|fun
🧳 luggage|travel`,
  ],
];

export const EMOJI: readonly EmojiGroup[] = GROUPS.map(([name, lines]) => ({
  name,
  emoji: lines.split("\n").map(named),
}));

function named(line: string): NamedEmoji {
  const space = line.indexOf(" ");
  const [name = "", words = ""] = line.slice(space + 1).split("|");
  return { emoji: line.slice(0, space), name, words };
}

/** Those that every word of the query begins a word of. */
export function findEmoji(query: string): readonly NamedEmoji[] {
  const wanted = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const all = EMOJI.flatMap(({ emoji }) => emoji);
  const found = all.filter(({ name, words }) => {
    const known = `${name} ${words}`.split(" ");
    return wanted.every((word) => known.some((one) => one.startsWith(word)));
  });
  // What is called so comes before what is only looked for by it.
  return found.sort((a, b) => Number(startsIn(b.name, wanted)) - Number(startsIn(a.name, wanted)));
}

function startsIn(name: string, [first = ""]: readonly string[]): boolean {
  return name.split(" ").some((word) => word.startsWith(first));
}
