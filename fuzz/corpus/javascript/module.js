import d,{a as b}from'm' with{type:'json'};import*as n from"k";export*from'k';export{b as c};export default async()=>{}
export const{x,y:[z=1]}=n;import('q').then(({default:r})=>r)