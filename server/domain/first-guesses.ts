/**
 * The words that passwords are made of before any other, in small letters: from published lists of leaked passwords, and
 * what a hospital's own people would try first. Figures and signs around them are dropped before they are looked up.
 */
const words = `
  password passw0rd password1 passwort motdepasse contrasena qwerty qwertyuiop qwerty123 iloveyou sunshine
  princess football baseball basketball welcome welcometo monkey dragon letmein master shadow superman batman
  michael jordan michelle jennifer jessica ashley daniel charlie thomas robert andrew joshua matthew nicole hannah
  whatever trustno starwars computer internet samsung pokemon liverpool chelsea arsenal barcelona manchester
  united tigger killer hunter ranger buster soccer hockey george summer winter spring autumn summertime flower
  chocolate cookie cheese banana orange butterfly purple ginger pepper diamond silver golden freedom forever
  blessed jesuschrist jesus godisgood lovely loveme ilovemyself iloveyouso mylove sweetheart babygirl babygurl
  angel angels lovers friends family mother father mommy daddy secret secretsecret topsecret mysecret changeme
  changeit changemenow changethis default defaultpassword temp temporary temppassword guest guestguest test
  testtest testing testpassword demo demodemo admin administrator adminadmin adminpassword root rootroot
  rootpassword superuser user userpassword username login loginlogin letmeinnow letmeinplease opensesame
  abracadabra access accessgranted system systemadmin server service servicedesk helpdesk hospital
  hospitalhospital clinic doctor nurse medical medicine clinical clinicaltrial clinicaltrials trial trials
  research researcher investigator coordinator datamanager toroku torokutoroku enrollment registration redcap
  oncology university japan nihon nippon tokyo osaka kyoto yokohama sapporo fukuoka nagoya sakura sakurasakura
  himawari arigatou arigato konnichiwa ohayou gozaimasu aishiteru daisuki doraemon pikachu hellokitty naruto
  onepiece gundam mypassword mypasswordis thisismypassword thisispassword passwordispassword yourpassword
  thepassword newpassword oldpassword strongpassword securepassword longpassword goodpassword
  correcthorsebatterystaple correcthorse iforgotmypassword iforgot forgot nopassword noneofyourbusiness
  whatismypassword ilovemyfamily iloveyouforever ilovegod lovelovelove jesuslovesme thequickbrownfox
  thequickbrownfoxjumpsoverthelazydog tobeornottobe maytheforcebewithyou qazwsxedc qazwsxedcrfv zaqxsw qweasdzxc
  qweasd asdfghjkl asdfasdf asdf zxcvbnm zxcvbn abcabc abcdefg aaaaaa letmeinletmein microsoft windows google
  facebook linkedin twitter instagram youtube amazon apple iphone android linkedinlinkedin myspace yahoo hotmail
  gmail outlook office excel oracle cisco juniper sqlserver ubuntu debian linux
`

export const firstGuesses: ReadonlySet<string> = new Set(words.trim().split(/\s+/))
