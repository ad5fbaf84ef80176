"""Emoji under one name on both platforms: Slack's short name, without skin tone.

Discord sends the character itself. Known ones become Slack's name, unknown ones keep their character.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

_PICTURE = "\N{VARIATION SELECTOR-16}"  # asks for the coloured form; Discord sends it or not, as it likes
_JOINTS = "\u200d\u20e3"  # what joins two emoji to one, and the frame of a keycap
_TONES = "🏻🏼🏽🏾🏿"

# Hands and people, whose skin has tones.
_TONED = """
+1 👍 -1 👎 wave 👋 raised_back_of_hand 🤚 raised_hand_with_fingers_splayed 🖐 hand ✋ spock-hand 🖖
ok_hand 👌 pinched_fingers 🤌 pinching_hand 🤏 v ✌ crossed_fingers 🤞 i_love_you_hand_sign 🤟
the_horns 🤘 call_me_hand 🤙 point_left 👈 point_right 👉 point_up_2 👆 middle_finger 🖕 point_down 👇
point_up ☝ fist ✊ facepunch 👊 left-facing_fist 🤛 right-facing_fist 🤜 clap 👏 raised_hands 🙌
heart_hands 🫶 open_hands 👐 palms_up_together 🤲 handshake 🤝 pray 🙏 writing_hand ✍ nail_care 💅
selfie 🤳 muscle 💪 leg 🦵 foot 🦶 ear 👂 nose 👃 palm_down_hand 🫳 palm_up_hand 🫴 rightwards_hand 🫱
leftwards_hand 🫲 index_pointing_at_the_viewer 🫵 hand_with_index_finger_and_thumb_crossed 🫰 baby 👶
child 🧒 boy 👦 girl 👧 adult 🧑 man 👨 woman 👩 older_adult 🧓 older_man 👴 older_woman 👵
raising_hand 🙋 bow 🙇 face_palm 🤦 shrug 🤷 information_desk_person 💁 ok_woman 🙆 no_good 🙅
massage 💆 haircut 💇 walking 🚶 runner 🏃 dancer 💃 man_dancing 🕺 surfer 🏄 swimmer 🏊 bicyclist 🚴
mountain_bicyclist 🚵 juggling 🤹 person_climbing 🧗 person_in_lotus_position 🧘 ninja 🥷 superhero 🦸
supervillain 🦹 mage 🧙 fairy 🧚 merperson 🧜 elf 🧝 santa 🎅 mrs_claus 🤶 angel 👼 prince 🤴
princess 👸 construction_worker 👷 cop 👮 guardsman 💂 sleuth_or_spy 🕵 bath 🛀 sleeping_accommodation 🛌
weight_lifter 🏋
"""

_OTHERS = """
grinning 😀 smiley 😃 smile 😄 grin 😁 laughing 😆 sweat_smile 😅 rolling_on_the_floor_laughing 🤣
joy 😂 slightly_smiling_face 🙂 upside_down_face 🙃 melting_face 🫠 wink 😉 blush 😊 innocent 😇
heart_eyes 😍 smiling_face_with_3_hearts 🥰 star-struck 🤩 kissing_heart 😘 kissing 😗 relaxed ☺
kissing_closed_eyes 😚 kissing_smiling_eyes 😙 smiling_face_with_tear 🥲 yum 😋 stuck_out_tongue 😛
stuck_out_tongue_winking_eye 😜 zany_face 🤪 stuck_out_tongue_closed_eyes 😝 money_mouth_face 🤑
hugging_face 🤗 face_with_hand_over_mouth 🤭 face_with_open_eyes_and_hand_over_mouth 🫢
face_with_peeking_eye 🫣 shushing_face 🤫 thinking_face 🤔 saluting_face 🫡 zipper_mouth_face 🤐
face_with_raised_eyebrow 🤨 neutral_face 😐 expressionless 😑 no_mouth 😶 dotted_line_face 🫥 smirk 😏
unamused 😒 face_with_rolling_eyes 🙄 grimacing 😬 lying_face 🤥 shaking_face 🫨 relieved 😌 pensive 😔
sleepy 😪 drooling_face 🤤 sleeping 😴 mask 😷 face_with_thermometer 🤒 face_with_head_bandage 🤕
nauseated_face 🤢 face_vomiting 🤮 sneezing_face 🤧 hot_face 🥵 cold_face 🥶 woozy_face 🥴 dizzy_face 😵
exploding_head 🤯 face_with_cowboy_hat 🤠 partying_face 🥳 disguised_face 🥸 sunglasses 😎 nerd_face 🤓
face_with_monocle 🧐 confused 😕 face_with_diagonal_mouth 🫤 worried 😟 slightly_frowning_face 🙁
white_frowning_face ☹ open_mouth 😮 hushed 😯 astonished 😲 flushed 😳 pleading_face 🥺
face_holding_back_tears 🥹 frowning 😦 anguished 😧 fearful 😨 cold_sweat 😰 disappointed_relieved 😥
cry 😢 sob 😭 scream 😱 confounded 😖 persevere 😣 disappointed 😞 sweat 😓 weary 😩 tired_face 😫
yawning_face 🥱 triumph 😤 rage 😡 angry 😠 face_with_symbols_on_mouth 🤬 smiling_imp 😈 imp 👿 skull 💀
skull_and_crossbones ☠ hankey 💩 clown_face 🤡 japanese_ogre 👹 japanese_goblin 👺 ghost 👻 alien 👽
space_invader 👾 robot_face 🤖 smiley_cat 😺 smile_cat 😸 joy_cat 😹 heart_eyes_cat 😻 smirk_cat 😼
kissing_cat 😽 scream_cat 🙀 crying_cat_face 😿 pouting_cat 😾 see_no_evil 🙈 hear_no_evil 🙉
speak_no_evil 🙊 wave_dash 〰 kiss 💋 love_letter 💌 cupid 💘 gift_heart 💝 sparkling_heart 💖
heartpulse 💗 heartbeat 💓 revolving_hearts 💞 two_hearts 💕 heart_decoration 💟
heavy_heart_exclamation_mark_ornament ❣ broken_heart 💔 heart ❤ pink_heart 🩷 orange_heart 🧡
yellow_heart 💛 green_heart 💚 blue_heart 💙 light_blue_heart 🩵 purple_heart 💜 brown_heart 🤎
black_heart 🖤 grey_heart 🩶 white_heart 🤍 100 💯 anger 💢 boom 💥 dizzy 💫 sweat_drops 💦 dash 💨
hole 🕳 bomb 💣 speech_balloon 💬 left_speech_bubble 🗨 right_anger_bubble 🗯 thought_balloon 💭 zzz 💤
eyes 👀 eye 👁 brain 🧠 tongue 👅 lips 👄 bust_in_silhouette 👤 busts_in_silhouette 👥
speaking_head_in_silhouette 🗣 people_hugging 🫂 footprints 👣 dancers 👯 family 👪 monkey_face 🐵
monkey 🐒 gorilla 🦍 dog 🐶 dog2 🐕 poodle 🐩 wolf 🐺 fox_face 🦊 raccoon 🦝 cat 🐱 cat2 🐈 lion_face 🦁
tiger 🐯 horse 🐴 unicorn_face 🦄 zebra_face 🦓 deer 🦌 cow 🐮 pig 🐷 sheep 🐑 goat 🐐 camel 🐫 llama 🦙
giraffe_face 🦒 elephant 🐘 mouse 🐭 hamster 🐹 rabbit 🐰 chipmunk 🐿 beaver 🦫 hedgehog 🦔 bear 🐻
koala 🐨 panda_face 🐼 sloth 🦥 otter 🦦 kangaroo 🦘 badger 🦡 feet 🐾 turkey 🦃 chicken 🐔
hatching_chick 🐣 baby_chick 🐤 hatched_chick 🐥 bird 🐦 penguin 🐧 dove_of_peace 🕊 eagle 🦅 duck 🦆
swan 🦢 owl 🦉 flamingo 🦩 parrot 🦜 frog 🐸 crocodile 🐊 turtle 🐢 snake 🐍 dragon_face 🐲 dragon 🐉
t-rex 🦖 whale 🐳 dolphin 🐬 seal 🦭 fish 🐟 tropical_fish 🐠 blowfish 🐡 shark 🦈 octopus 🐙 snail 🐌
butterfly 🦋 bug 🐛 ant 🐜 bee 🐝 ladybug 🐞 cricket 🦗 spider 🕷 spider_web 🕸 bouquet 💐
cherry_blossom 🌸 rose 🌹 wilted_flower 🥀 hibiscus 🌺 sunflower 🌻 blossom 🌼 tulip 🌷 seedling 🌱
potted_plant 🪴 evergreen_tree 🌲 deciduous_tree 🌳 palm_tree 🌴 cactus 🌵 ear_of_rice 🌾 herb 🌿
shamrock ☘ four_leaf_clover 🍀 maple_leaf 🍁 fallen_leaf 🍂 leaves 🍃 mushroom 🍄 grapes 🍇 melon 🍈
watermelon 🍉 tangerine 🍊 lemon 🍋 banana 🍌 pineapple 🍍 mango 🥭 apple 🍎 green_apple 🍏 pear 🍐
peach 🍑 cherries 🍒 strawberry 🍓 blueberries 🫐 kiwifruit 🥝 tomato 🍅 coconut 🥥 avocado 🥑
eggplant 🍆 potato 🥔 carrot 🥕 corn 🌽 hot_pepper 🌶 cucumber 🥒 broccoli 🥦 garlic 🧄 onion 🧅
peanuts 🥜 bread 🍞 croissant 🥐 pretzel 🥨 pancakes 🥞 waffle 🧇 cheese_wedge 🧀 hamburger 🍔 fries 🍟
pizza 🍕 hotdog 🌭 sandwich 🥪 taco 🌮 burrito 🌯 egg 🥚 fried_egg 🍳 stew 🍲 green_salad 🥗 popcorn 🍿
salt 🧂 bento 🍱 rice 🍚 curry 🍛 ramen 🍜 spaghetti 🍝 sushi 🍣 dango 🍡 dumpling 🥟 icecream 🍦
ice_cream 🍨 doughnut 🍩 cookie 🍪 birthday 🎂 cake 🍰 cupcake 🧁 pie 🥧 chocolate_bar 🍫 candy 🍬
lollipop 🍭 honey_pot 🍯 baby_bottle 🍼 coffee ☕ teapot 🫖 tea 🍵 sake 🍶 champagne 🍾 wine_glass 🍷
cocktail 🍸 tropical_drink 🍹 beer 🍺 beers 🍻 clinking_glasses 🥂 tumbler_glass 🥃 cup_with_straw 🥤
fork_and_knife 🍴 spoon 🥄 earth_africa 🌍 earth_americas 🌎 earth_asia 🌏 globe_with_meridians 🌐
world_map 🗺 compass 🧭 snow_capped_mountain 🏔 mountain ⛰ volcano 🌋 camping 🏕 beach_with_umbrella 🏖
desert_island 🏝 stadium 🏟 building_construction 🏗 bricks 🧱 house 🏠 house_with_garden 🏡 office 🏢
hospital 🏥 bank 🏦 school 🏫 factory 🏭 european_castle 🏰 tokyo_tower 🗼 statue_of_liberty 🗽
fountain ⛲ tent ⛺ foggy 🌁 night_with_stars 🌃 sunrise 🌅 sunrise_over_mountains 🌄 city_sunset 🌆
bridge_at_night 🌉 ferris_wheel 🎡 roller_coaster 🎢 circus_tent 🎪 steam_locomotive 🚂 train 🚋 bus 🚌
ambulance 🚑 fire_engine 🚒 police_car 🚓 taxi 🚕 car 🚗 truck 🚚 tractor 🚜 racing_car 🏎 bike 🚲
scooter 🛴 construction 🚧 rotating_light 🚨 traffic_light 🚥 octagonal_sign 🛑 anchor ⚓ ring_buoy 🛟
boat ⛵ ship 🚢 airplane ✈ small_airplane 🛩 airplane_departure 🛫 helicopter 🚁 satellite 🛰 rocket 🚀
flying_saucer 🛸 hourglass ⌛ hourglass_flowing_sand ⏳ watch ⌚ alarm_clock ⏰ stopwatch ⏱
timer_clock ⏲ clock1 🕐 new_moon 🌑 full_moon 🌕 crescent_moon 🌙 sunny ☀ full_moon_with_face 🌝
sun_with_face 🌞 star ⭐ star2 🌟 stars 🌠 milky_way 🌌 cloud ☁ partly_sunny ⛅ thunder_cloud_and_rain ⛈
rain_cloud 🌧 snow_cloud 🌨 tornado 🌪 fog 🌫 rainbow 🌈 umbrella ☂ umbrella_with_rain_drops ☔ zap ⚡
snowflake ❄ snowman ☃ snowman_without_snow ⛄ comet ☄ fire 🔥 droplet 💧 ocean 🌊 jack_o_lantern 🎃
christmas_tree 🎄 fireworks 🎆 sparkler 🎇 firecracker 🧨 sparkles ✨ balloon 🎈 tada 🎉
confetti_ball 🎊 ribbon 🎀 gift 🎁 reminder_ribbon 🎗 admission_tickets 🎟 ticket 🎫 medal 🎖 trophy 🏆
sports_medal 🏅 first_place_medal 🥇 second_place_medal 🥈 third_place_medal 🥉 soccer ⚽ baseball ⚾
basketball 🏀 volleyball 🏐 football 🏈 tennis 🎾 bowling 🎳 ice_hockey_stick_and_puck 🏒
table_tennis_paddle_and_ball 🏓 boxing_glove 🥊 goal_net 🥅 golf ⛳ fishing_pole_and_fish 🎣 ski 🎿
dart 🎯 yo-yo 🪀 kite 🪁 8ball 🎱 crystal_ball 🔮 magic_wand 🪄 video_game 🎮 joystick 🕹 slot_machine 🎰
game_die 🎲 jigsaw 🧩 teddy_bear 🧸 chess_pawn ♟ performing_arts 🎭 art 🎨 thread 🧵 yarn 🧶
eyeglasses 👓 necktie 👔 shirt 👕 jeans 👖 dress 👗 handbag 👜 school_satchel 🎒 athletic_shoe 👟
high_heel 👠 boot 👢 crown 👑 tophat 🎩 mortar_board 🎓 billed_cap 🧢 helmet_with_white_cross ⛑ ring 💍
gem 💎 mute 🔇 speaker 🔈 sound 🔉 loud_sound 🔊 loudspeaker 📢 mega 📣 postal_horn 📯 bell 🔔
no_bell 🔕 musical_score 🎼 musical_note 🎵 notes 🎶 studio_microphone 🎙 microphone 🎤 headphones 🎧
radio 📻 saxophone 🎷 guitar 🎸 musical_keyboard 🎹 trumpet 🎺 violin 🎻 banjo 🪕
drum_with_drumsticks 🥁 iphone 📱 calling 📲 telephone_receiver 📞 phone ☎ battery 🔋 electric_plug 🔌
computer 💻 desktop_computer 🖥 printer 🖨 keyboard ⌨ floppy_disk 💾 cd 💿 abacus 🧮 movie_camera 🎥
film_frames 🎞 clapper 🎬 tv 📺 camera 📷 camera_with_flash 📸 video_camera 📹 mag 🔍 mag_right 🔎
candle 🕯 bulb 💡 flashlight 🔦 izakaya_lantern 🏮 notebook_with_decorative_cover 📔 closed_book 📕
book 📖 green_book 📗 blue_book 📘 orange_book 📙 books 📚 notebook 📓 ledger 📒 page_with_curl 📃
scroll 📜 page_facing_up 📄 newspaper 📰 bookmark_tabs 📑 bookmark 🔖 label 🏷 moneybag 💰 coin 🪙
dollar 💵 euro 💶 money_with_wings 💸 credit_card 💳 receipt 🧾 chart 💹 email ✉ e-mail 📧
incoming_envelope 📨 envelope_with_arrow 📩 outbox_tray 📤 inbox_tray 📥 package 📦 mailbox 📫
postbox 📮 ballot_box_with_ballot 🗳 pencil2 ✏ black_nib ✒ lower_left_fountain_pen 🖋
lower_left_ballpoint_pen 🖊 lower_left_paintbrush 🖌 lower_left_crayon 🖍 memo 📝 briefcase 💼
file_folder 📁 open_file_folder 📂 card_index_dividers 🗂 date 📅 calendar 📆 spiral_note_pad 🗒
spiral_calendar_pad 🗓 card_index 📇 chart_with_upwards_trend 📈 chart_with_downwards_trend 📉
bar_chart 📊 clipboard 📋 pushpin 📌 round_pushpin 📍 paperclip 📎 linked_paperclips 🖇 straight_ruler 📏
triangular_ruler 📐 scissors ✂ card_file_box 🗃 file_cabinet 🗄 wastebasket 🗑 lock 🔒 unlock 🔓
lock_with_ink_pen 🔏 closed_lock_with_key 🔐 key 🔑 old_key 🗝 hammer 🔨 axe 🪓 pick ⛏ hammer_and_pick ⚒
hammer_and_wrench 🛠 dagger_knife 🗡 crossed_swords ⚔ bow_and_arrow 🏹 shield 🛡 carpentry_saw 🪚 wrench 🔧
screwdriver 🪛 nut_and_bolt 🔩 gear ⚙ compression 🗜 scales ⚖ probing_cane 🦯 link 🔗 chains ⛓ hook 🪝
toolbox 🧰 magnet 🧲 ladder 🪜 alembic ⚗ test_tube 🧪 petri_dish 🧫 dna 🧬 microscope 🔬 telescope 🔭
satellite_antenna 📡 syringe 💉 pill 💊 adhesive_bandage 🩹 stethoscope 🩺 door 🚪 bed 🛏
couch_and_lamp 🛋 toilet 🚽 shower 🚿 bathtub 🛁 broom 🧹 basket 🧺 roll_of_paper 🧻 soap 🧼 sponge 🧽
fire_extinguisher 🧯 shopping_trolley 🛒 moyai 🗿 atm 🏧 wheelchair ♿ warning ⚠ children_crossing 🚸
no_entry ⛔ no_entry_sign 🚫 underage 🔞 radioactive_sign ☢ biohazard_sign ☣ arrow_up ⬆
arrow_upper_right ↗ arrow_right ➡ arrow_lower_right ↘ arrow_down ⬇ arrow_lower_left ↙ arrow_left ⬅
arrow_upper_left ↖ arrow_up_down ↕ left_right_arrow ↔ leftwards_arrow_with_hook ↩ arrow_right_hook ↪
arrow_heading_up ⤴ arrow_heading_down ⤵ arrows_clockwise 🔃 arrows_counterclockwise 🔄 back 🔙 end 🔚
on 🔛 soon 🔜 top 🔝 place_of_worship 🛐 atom_symbol ⚛ om_symbol 🕉 star_of_david ✡ yin_yang ☯
latin_cross ✝ peace_symbol ☮ infinity ♾ twisted_rightwards_arrows 🔀 repeat 🔁 repeat_one 🔂
arrow_forward ▶ fast_forward ⏩ rewind ⏪ arrow_backward ◀ arrow_up_small 🔼 arrow_down_small 🔽
double_vertical_bar ⏸ black_square_for_stop ⏹ black_circle_for_record ⏺ cinema 🎦 low_brightness 🔅
high_brightness 🔆 signal_strength 📶 heavy_multiplication_x ✖ heavy_plus_sign ➕ heavy_minus_sign ➖
heavy_division_sign ➗ heavy_equals_sign 🟰 bangbang ‼ interrobang ⁉ question ❓ grey_question ❔
grey_exclamation ❕ exclamation ❗ heavy_dollar_sign 💲 recycle ♻ fleur_de_lis ⚜ trident 🔱
name_badge 📛 beginner 🔰 o ⭕ white_check_mark ✅ ballot_box_with_check ☑ heavy_check_mark ✔ x ❌
negative_squared_cross_mark ❎ curly_loop ➰ loop ➿ eight_spoked_asterisk ✳ eight_pointed_black_star ✴
sparkle ❇ copyright © registered ® tm ™ hash #⃣ keycap_star *⃣ zero 0⃣ one 1⃣ two 2⃣ three 3⃣ four 4⃣
five 5⃣ six 6⃣ seven 7⃣ eight 8⃣ nine 9⃣ keycap_ten 🔟 capital_abcd 🔠 abcd 🔡 1234 🔢 symbols 🔣 abc 🔤
a 🅰 ab 🆎 b 🅱 cl 🆑 cool 🆒 free 🆓 information_source ℹ id 🆔 m Ⓜ new 🆕 ng 🆖 o2 🅾 ok 🆗 parking 🅿
sos 🆘 up 🆙 vs 🆚 red_circle 🔴 large_orange_circle 🟠 large_yellow_circle 🟡 large_green_circle 🟢
large_blue_circle 🔵 large_purple_circle 🟣 large_brown_circle 🟤 black_circle ⚫ white_circle ⚪
large_red_square 🟥 large_orange_square 🟧 large_yellow_square 🟨 large_green_square 🟩
large_blue_square 🟦 large_purple_square 🟪 black_large_square ⬛ white_large_square ⬜
large_orange_diamond 🔶 large_blue_diamond 🔷 small_orange_diamond 🔸 small_blue_diamond 🔹
small_red_triangle 🔺 small_red_triangle_down 🔻 radio_button 🔘 checkered_flag 🏁
triangular_flag_on_post 🚩 crossed_flags 🎌 waving_black_flag 🏴 waving_white_flag 🏳 rainbow-flag 🏳‍🌈
pirate_flag 🏴‍☠ heart_on_fire ❤‍🔥 mending_heart ❤‍🩹 male-technologist 👨‍💻 female-technologist 👩‍💻
technologist 🧑‍💻 man-shrugging 🤷‍♂ woman-shrugging 🤷‍♀ man-facepalming 🤦‍♂ woman-facepalming 🤦‍♀
man-raising-hand 🙋‍♂ woman-raising-hand 🙋‍♀ man-bowing 🙇‍♂ woman-bowing 🙇‍♀ face_in_clouds 😶‍🌫
face_exhaling 😮‍💨 face_with_spiral_eyes 😵‍💫 polar_bear 🐻‍❄ service_dog 🐕‍🦺 black_cat 🐈‍⬛
astronaut 🧑‍🚀 scientist 🧑‍🔬 teacher 🧑‍🏫 student 🧑‍🎓 cook 🧑‍🍳 artist 🧑‍🎨
"""

# Ten flags go by the bare country code, the rest as flag-xx.
_BARE_FLAGS = frozenset(("cn", "de", "es", "fr", "gb", "it", "jp", "kr", "ru", "us"))
_ALIASES = """
thumbsup 👍 thumbsdown 👎 raised_hand ✋ punch 👊 poop 💩 envelope ✉ star_struck 🤩 hugs 🤗 pencil 📝 running 🏃
satisfied 😆
"""


def _pairs(table: str) -> dict[str, str]:
    words = table.split()
    return dict(zip(words[::2], words[1::2], strict=True))


_BY_NAME: Mapping[str, str] = MappingProxyType(_pairs(_TONED) | _pairs(_OTHERS))
_BY_CHARACTER: Mapping[str, str] = MappingProxyType({character: name for name, character in _BY_NAME.items()})
_ALSO: Mapping[str, str] = MappingProxyType(_pairs(_ALIASES))
_TONED_NAMES = frozenset(_pairs(_TONED))
_LETTER_A = ord("🇦")


def short_name(emoji: str) -> str:
    """Slack's short name of an emoji, whatever its tone; the bare character where none is known."""
    bare = _bare(emoji)
    return _BY_CHARACTER.get(bare) or _flag_name(bare) or bare


def character(name: str) -> str | None:
    """The emoji with this short name, without tone; a character is itself. None for names unknown here."""
    plain = name.strip(":").partition("::")[0]
    found = _BY_NAME.get(plain) or _ALSO.get(plain)
    if found is not None:
        return "".join(_pictured(c) for c in found)
    return _flag(plain) or (plain if plain and not plain.isascii() else None)


def has_tones(name: str) -> bool:
    """Whether the emoji comes in skin tones; unknown characters may."""
    return name in _TONED_NAMES or not name.isascii() or name.startswith(("man-", "woman-", "male-", "female-"))


def _pictured(sign: str) -> str:
    """The sign, asked for as a picture where it would else be shown as text (wide ones always are pictures)."""
    is_text = unicodedata.east_asian_width(sign) != "W" and sign not in _JOINTS
    return sign + _PICTURE if is_text else sign


def _bare(emoji: str) -> str:
    return "".join(c for c in emoji if c not in _TONES and c != _PICTURE)


def _flag_name(emoji: str) -> str | None:
    letters = [ord(c) - _LETTER_A for c in emoji]
    if len(letters) != 2 or not all(0 <= letter < 26 for letter in letters):
        return None
    code = "".join(chr(ord("a") + letter) for letter in letters)
    return code if code in _BARE_FLAGS else f"flag-{code}"


def _flag(name: str) -> str | None:
    code = name.removeprefix("flag-")
    is_flag = len(code) == 2 and code.isascii() and code.isalpha() and (code != name or code in _BARE_FLAGS)
    return "".join(chr(_LETTER_A + ord(letter) - ord("a")) for letter in code.lower()) if is_flag else None
