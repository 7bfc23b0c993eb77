/** The emoji shortcodes that bots and people use most, as characters; an unknown one stays as it was typed. */

/** `name name=character` would repeat itself, so each line is one character followed by its names. */
const TABLE = `
😀 grinning|😃 smiley|😄 smile|😁 grin|😆 laughing satisfied|😅 sweat_smile|😂 joy|🤣 rolling_on_the_floor_laughing rofl
🙂 slightly_smiling_face|🙃 upside_down_face|😉 wink|😊 blush|😇 innocent|😍 heart_eyes|😘 kissing_heart|😋 yum
😎 sunglasses|🤓 nerd_face|🤔 thinking_face thinking|🤨 face_with_raised_eyebrow|😐 neutral_face|😑 expressionless
😬 grimacing|🙄 face_with_rolling_eyes|😌 relieved|😔 pensive|😴 sleeping|😷 mask|🤯 exploding_head|🥳 partying_face
😕 confused|😟 worried|🙁 slightly_frowning_face|😮 open_mouth|😲 astonished|😳 flushed|🥺 pleading_face|😢 cry|😭 sob
😱 scream|😤 triumph|😡 rage|😠 angry|💀 skull|💩 hankey poop|👻 ghost|🤖 robot_face robot|🙈 see_no_evil|🙉 hear_no_evil
🫡 saluting_face|🫠 melting_face|😶 no_mouth|🤷 shrug|🤦 face_palm facepalm|🙋 raising_hand|🙇 bow
👋 wave|✋ hand raised_hand|👌 ok_hand|✌️ v|🤞 crossed_fingers|🤘 the_horns|👈 point_left|👉 point_right|👆 point_up_2
👇 point_down|☝️ point_up|👍 +1 thumbsup|👎 -1 thumbsdown|✊ fist|👊 facepunch punch|👏 clap|🙌 raised_hands|🙏 pray
🤝 handshake|💪 muscle|✍️ writing_hand|👀 eyes|👁️ eye|🧠 brain|🗣️ speaking_head_in_silhouette|👤 bust_in_silhouette
👥 busts_in_silhouette|🧑‍💻 technologist|👷 construction_worker|🕵️ sleuth_or_spy|💂 guardsman|🧑‍🚀 astronaut|🧑‍🚒 firefighter
❤️ heart|🧡 orange_heart|💛 yellow_heart|💚 green_heart|💙 blue_heart|💜 purple_heart|🖤 black_heart|💔 broken_heart
💯 100|💢 anger|💥 boom collision|💫 dizzy|💦 sweat_drops|💨 dash|💣 bomb|💬 speech_balloon|💭 thought_balloon|💤 zzz
🔥 fire|✨ sparkles|⭐ star|🌟 star2|⚡ zap|☀️ sunny|☁️ cloud|🌧️ rain_cloud|❄️ snowflake|🌈 rainbow|🌊 ocean|🌍 earth_africa
🐛 bug|🐢 turtle|🐇 rabbit2|🐤 baby_chick hatched_chick|🐦 bird|🐳 whale|🐙 octopus|🦆 duck|🦀 crab|🐍 snake|🦄 unicorn_face
🌱 seedling|🌲 evergreen_tree|🍀 four_leaf_clover|🍁 maple_leaf|🍎 apple|🍺 beer|☕ coffee|🍕 pizza|🍰 cake|🍿 popcorn
🎉 tada|🎊 confetti_ball|🎈 balloon|🎁 gift|🏆 trophy|🥇 first_place_medal|🎯 dart|🎲 game_die|🎬 clapper|🎵 musical_note
🚀 rocket|✈️ airplane|🚗 car red_car|🚂 steam_locomotive|🚚 truck|🚨 rotating_light|🚦 vertical_traffic_light
🚥 traffic_light|🚧 construction|⛔ no_entry|🚫 no_entry_sign|🛑 octagonal_sign stop_sign|⚓ anchor|🚢 ship|🛟 ring_buoy
🏁 checkered_flag|🚩 triangular_flag_on_post|🏳️ waving_white_flag|🎌 crossed_flags|🏠 house|🏢 office|🏭 factory|🏗️ building_construction
⌚ watch|📱 iphone|💻 computer|⌨️ keyboard|🖥️ desktop_computer|🖨️ printer|💾 floppy_disk|💿 cd|📷 camera|🎥 movie_camera
☎️ phone telephone|📞 telephone_receiver|📟 pager|🔋 battery|🔌 electric_plug|💡 bulb|🔦 flashlight|📖 book open_book|📚 books
📝 memo pencil|✏️ pencil2|📄 page_facing_up|📃 page_with_curl|📋 clipboard|📅 date|📆 calendar|🗓️ spiral_calendar_pad
📊 bar_chart|📈 chart_with_upwards_trend|📉 chart_with_downwards_trend|📌 pushpin|📍 round_pushpin|📎 paperclip|🔗 link
📁 file_folder|📂 open_file_folder|🗂️ card_index_dividers|🗃️ card_file_box|🗑️ wastebasket|📦 package|📫 mailbox
✉️ email envelope|📧 e-mail|📨 incoming_envelope|📢 loudspeaker|📣 mega|🔔 bell|🔕 no_bell|🔒 lock|🔓 unlock|🔐 closed_lock_with_key
🔑 key|🔨 hammer|🛠️ hammer_and_wrench|🔧 wrench|🔩 nut_and_bolt|⚙️ gear|🧰 toolbox|🧲 magnet|⚖️ scales|🧪 test_tube
🔬 microscope|🔭 telescope|📡 satellite_antenna|🛡️ shield|⚔️ crossed_swords|🧯 fire_extinguisher|🩹 adhesive_bandage|💊 pill
🔍 mag|🔎 mag_right|🎚️ level_slider|🎛️ control_knobs|⏰ alarm_clock|⏱️ stopwatch|⏲️ timer_clock|⏳ hourglass_flowing_sand
⌛ hourglass|🕐 clock1|🕑 clock2|🕒 clock3|🕓 clock4|🕛 clock12|🌙 crescent_moon|🧊 ice_cube|🧵 thread|🧹 broom
💰 moneybag|💳 credit_card|💸 money_with_wings|🛒 shopping_trolley|🧾 receipt
✅ white_check_mark|☑️ ballot_box_with_check|✔️ heavy_check_mark|❌ x|❎ negative_squared_cross_mark|➕ heavy_plus_sign
➖ heavy_minus_sign|➗ heavy_division_sign|❓ question|❔ grey_question|❗ exclamation heavy_exclamation_mark|❕ grey_exclamation
‼️ bangbang|⁉️ interrobang|⚠️ warning|☢️ radioactive_sign|ℹ️ information_source|🆗 ok|🆕 new|🆒 cool|🆓 free|🆙 up|🆘 sos
🔴 red_circle|🟠 large_orange_circle|🟡 large_yellow_circle|🟢 large_green_circle|🔵 large_blue_circle blue_circle|🟣 large_purple_circle
⚪ white_circle|⚫ black_circle|🟤 large_brown_circle|🟥 large_red_square|🟧 large_orange_square|🟨 large_yellow_square
🟩 large_green_square|🟦 large_blue_square|⬜ white_large_square|⬛ black_large_square|🔶 large_orange_diamond|🔷 large_blue_diamond
🔺 small_red_triangle|🔻 small_red_triangle_down|🔘 radio_button|▶️ arrow_forward|⏸️ double_vertical_bar pause_button
⏹️ black_square_for_stop|⏺️ black_circle_for_record|⏭️ black_right_pointing_double_triangle_with_vertical_bar|⏪ rewind
⏩ fast_forward|◀️ arrow_backward|🔼 arrow_up_small|🔽 arrow_down_small|➡️ arrow_right|⬅️ arrow_left|⬆️ arrow_up|⬇️ arrow_down
↗️ arrow_upper_right|↘️ arrow_lower_right|↩️ leftwards_arrow_with_hook|↪️ arrow_right_hook|🔄 arrows_counterclockwise
🔃 arrows_clockwise|🔁 repeat|🔀 twisted_rightwards_arrows|🔙 back|🔚 end|🔛 on|🔜 soon|🔝 top|♻️ recycle|🏷️ label
0️⃣ zero|1️⃣ one|2️⃣ two|3️⃣ three|4️⃣ four|5️⃣ five|6️⃣ six|7️⃣ seven|8️⃣ eight|9️⃣ nine|🔟 keycap_ten|#️⃣ hash
🇩🇪 flag-de de|🇫🇷 flag-fr fr|🇬🇧 flag-gb gb uk|🇺🇸 flag-us us|🇮🇳 flag-in|🇯🇵 flag-jp jp|🇪🇺 flag-eu
`;

const BY_NAME = new Map<string, string>();
for (const entry of TABLE.trim().split(/[\n|]/)) {
  const [character, ...names] = entry.split(' ');
  for (const name of names) if (character) BY_NAME.set(name, character);
}

/** The character of a shortcode without its colons; a skin tone after `::` is left out. */
export function emojiOf(name: string): string | undefined {
  return BY_NAME.get(name.split('::')[0] ?? name);
}

/** Names that start with, then names that contain, what was typed. */
export function emojiLike(typed: string, most = 8): { name: string; character: string }[] {
  const all = [...BY_NAME].map(([name, character]) => ({ name, character }));
  const starts = all.filter(({ name }) => name.startsWith(typed));
  const contains = all.filter(({ name }) => !name.startsWith(typed) && name.includes(typed));
  return [...starts, ...contains].slice(0, most);
}

/** Replaces every known `:name:` in plain text. */
export function withEmoji(text: string): string {
  return text.replace(
    /:([a-z0-9_+'-]+(?:::skin-tone-\d)?):/g,
    (typed, name: string) => emojiOf(name) ?? typed,
  );
}
