/**
 * Words for guests' names. Every pair fits into 19 bytes of UTF-8, the most that clients of level 0 can carry: English
 * words of at most nine letters, Chinese ones of at most three characters. The picture doubles as the avatar.
 */
export const Animals = [
  ['🦦', 'Otter', '水獭'], ['🦊', 'Fox', '狐狸'], ['🦉', 'Owl', '猫头鹰'], ['🐼', 'Panda', '熊猫'], ['🐨', 'Koala', '考拉'],
  ['🐯', 'Tiger', '老虎'], ['🦁', 'Lion', '狮子'], ['🐸', 'Frog', '青蛙'], ['🐧', 'Penguin', '企鹅'], ['🐢', 'Turtle', '海龟'],
  ['🐳', 'Whale', '鲸鱼'], ['🐬', 'Dolphin', '海豚'], ['🐙', 'Octopus', '章鱼'], ['🦋', 'Butterfly', '蝴蝶'], ['🐝', 'Bee', '蜜蜂'],
  ['🐞', 'Ladybird', '瓢虫'], ['🦔', 'Hedgehog', '刺猬'], ['🐰', 'Rabbit', '兔子'], ['🐱', 'Cat', '小猫'], ['🐶', 'Dog', '小狗'],
  ['🐻', 'Bear', '小熊'], ['🦌', 'Deer', '小鹿'], ['🐴', 'Pony', '小马'], ['🦄', 'Unicorn', '独角兽'], ['🦢', 'Swan', '天鹅'],
  ['🦆', 'Duck', '野鸭'], ['🦅', 'Eagle', '老鹰'], ['🦜', 'Parrot', '鹦鹉'], ['🦩', 'Flamingo', '火烈鸟'], ['🦚', 'Peacock', '孔雀'],
  ['🦥', 'Sloth', '树懒'], ['🦘', 'Kangaroo', '袋鼠'], ['🦙', 'Alpaca', '羊驼'], ['🐿️', 'Squirrel', '松鼠'], ['🦡', 'Badger', '狗獾'],
  ['🦝', 'Raccoon', '浣熊'], ['🐠', 'Fish', '小鱼'], ['🐋', 'Narwhal', '白鲸'], ['🦀', 'Crab', '螃蟹'], ['🐌', 'Snail', '蜗牛'],
  ['🦎', 'Gecko', '壁虎'], ['🐹', 'Hamster', '仓鼠'], ['🐺', 'Wolf', '小狼'], ['🐵', 'Monkey', '猴子'], ['🐫', 'Camel', '骆驼'],
  ['🦒', 'Giraffe', '长颈鹿'], ['🦓', 'Zebra', '斑马'], ['🐘', 'Elephant', '大象'],
];

export const Adjectives = {
  en: [
    'Amber', 'Bold', 'Brave', 'Breezy', 'Bright', 'Calm', 'Cheerful', 'Clever', 'Cosy', 'Curious', 'Dapper', 'Dreamy', 'Eager', 'Early',
    'Fair', 'Fleet', 'Fond', 'Gentle', 'Glad', 'Golden', 'Happy', 'Hardy', 'Honest', 'Humble', 'Jolly', 'Keen', 'Kind', 'Lively',
    'Lucky', 'Merry', 'Mild', 'Mossy', 'Neat', 'Nimble', 'Patient', 'Plucky', 'Polite', 'Proud', 'Quick', 'Quiet', 'Rosy', 'Shy',
    'Silver', 'Snowy', 'Spry', 'Steady', 'Sunny', 'Swift', 'Tender', 'Thrifty', 'Tidy', 'Trusty', 'Upbeat', 'Warm', 'Witty', 'Zesty',
  ],
  zh: [
    '安静的', '温柔的', '勇敢的', '快乐的', '聪明的', '好奇的', '机灵的', '从容的', '爱笑的', '热心的', '害羞的', '慢悠的', '早起的', '爱唱的',
    '可靠的', '谦虚的', '诚实的', '活泼的', '幸运的', '乐观的', '细心的', '耐心的', '礼貌的', '优雅的', '敏捷的', '沉稳的', '明朗的', '金色的',
    '银色的', '雪白的', '春天的', '夏日的', '秋日的', '冬日的', '山里的', '海边的', '林间的', '月下的', '晴天的', '爱茶的', '爱书的', '爱花的',
    '散步的', '看云的', '听雨的', '数星的', '远行的', '回家的',
  ],
};
